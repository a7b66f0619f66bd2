import { z } from 'zod'
import { idpGuides } from '../../domain/access/idp-guide'
import { guideParameters } from './idp-guides'

const { language } = z.toJSONSchema(guideParameters, { io: 'input' }).properties as { readonly language: object }
const text = { type: 'string' }
const object = (properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
})
const answers = (description: string, content: object) => ({
  200: { description, content },
  default: { $ref: '#/components/responses/Problem' },
})

export const idpGuidePaths = () => ({
  '/idp-guides': {
    get: {
      summary: 'The identity providers that there are guides for',
      responses: answers('By name', { 'application/json': { schema: { $ref: '#/components/schemas/IdpGuides' } } }),
    },
  },
  '/idp-guides/{name}': {
    get: {
      summary: 'How to connect an identity provider, with the addresses of this installation',
      parameters: [
        { name: 'name', in: 'path', required: true, schema: { enum: Object.keys(idpGuides) } },
        { name: 'language', in: 'query', schema: language },
      ],
      responses: answers('The guide', { 'text/markdown': { schema: text } }),
    },
  },
})

export const idpGuideSchemas = {
  IdpGuides: object({ guides: { type: 'array', items: object({ name: text, title: object({ ja: text, en: text }) }) } }),
}
