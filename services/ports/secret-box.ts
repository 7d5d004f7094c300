/** What a sealed secret belongs to. It opens nowhere else, so a row's secret cannot be passed for another row's. */
export interface SecretContext {
  readonly keyId: string
  readonly rowId: string
}

/** Encrypts secrets at rest under the master key of the installation. */
export interface SecretBox {
  seal(plain: Uint8Array, context: SecretContext): Uint8Array
  /** Throws `secret-unreadable`: another master key, another context, or changed bytes. */
  open(sealed: Uint8Array, context: SecretContext): Uint8Array
}
