import type { SamlSignIn } from '../../domain/access/saml-trace'

export interface SamlReads {
  readonly samlTrace: {
    /** The newest first; there are no more than the last hundred. Without the documents. */
    list(): Promise<readonly SamlSignIn[]>
    find(id: string): Promise<SamlSignIn | undefined>
  }
}

export interface SamlWrites extends SamlReads {
  readonly samlTrace: SamlReads['samlTrace'] & {
    /** All but the newest `most` go with it. */
    add(signIns: readonly SamlSignIn[], most: number): Promise<void>
  }
}
