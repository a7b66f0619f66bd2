import type { Explanation, Hop } from '../../domain/audit/explain'

type Explained = Explanation & { readonly id?: string; readonly loginName?: string }

export const presentExplanation = ({ id, loginName, summary, hops }: Explained) => ({
  id,
  userName: loginName,
  summary,
  hops: hops.map(presentHop),
})

const presentHop = ({ hop, target, state, since, text }: Hop) => ({
  hop,
  target,
  state,
  since: since === undefined ? undefined : new Date(since).toISOString(),
  text,
})
