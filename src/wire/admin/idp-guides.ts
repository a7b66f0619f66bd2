import { z } from 'zod'
import { guideLanguages } from '../../domain/access/idp-guide'

/** The parameters of `GET /idp-guides/{name}`. */
export const guideParameters = z.strictObject({
  language: z
    .enum(guideLanguages, `Send one of ${guideLanguages.join(', ')}.`)
    .describe('As Accept-Language says when absent')
    .exactOptional(),
})
