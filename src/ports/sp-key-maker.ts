/** Makes key pairs of the service provider. */
export interface SpKeyMaker {
  /** RSA with 3072 bits and a self-signed certificate, both PEM. */
  make(entityId: string, now: number): Promise<{ readonly certificate: string; readonly privateKey: string }>
}
