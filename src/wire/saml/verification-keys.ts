import { createPrivateKey, type KeyObject } from 'node:crypto'
import { publicKeyOf } from './certificates'

/** Far more than one identity provider and ourselves have. */
const maxKept = 32

/** Keys once parsed, by their PEM: parsing costs as much as verifying. */
export class VerificationKeys {
  private readonly kept = new Map<string, KeyObject>()

  ofCertificate(pem: string): KeyObject {
    return this.kept.get(pem) ?? this.keep(pem, publicKeyOf(pem))
  }

  ofPrivateKey(pem: string): KeyObject {
    return this.kept.get(pem) ?? this.keep(pem, createPrivateKey(pem))
  }

  private keep(pem: string, key: KeyObject): KeyObject {
    if (this.kept.size >= maxKept) this.kept.clear()
    this.kept.set(pem, key)
    return key
  }
}
