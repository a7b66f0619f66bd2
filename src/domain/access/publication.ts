import type { Version } from '../brand'

/** 外部への公開設定 of manual 001: what other sites may do with ours. */
export type Publication = {
  /** Only our own pages may show ours in a frame (S20). */
  readonly clickjackingProtection: boolean
}

export type KeptPublication = Publication & { readonly version: Version }

export const firstPublication: KeptPublication = { clickjackingProtection: true, version: 1 as Version }
