/** An identity provider's settings or metadata that we cannot use: what is wrong, and how to mend it. */
export class InvalidSamlIdp extends Error {
  override readonly name = 'InvalidSamlIdp'
}
