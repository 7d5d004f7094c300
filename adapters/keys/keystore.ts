import { decryptKeystoreJson, getBytes, isError, isKeystoreJson } from 'ethers'
import { KeyFileError } from './key-file.ts'

/** Whether a file holds a keystore ("Web3 Secret Storage", version 3), as geth, Foundry and ethers write it. */
export const isKeystore = (text: string): boolean => isKeystoreJson(text.trim())

/**
 * Opens a keystore with its passphrase. Takes about a second on purpose (scrypt): guessing is to be slow.
 * Throws KeyFileError.
 */
export async function openKeystore(
  text: string,
  file: string,
  passphrase: string | undefined,
): Promise<Uint8Array> {
  if (passphrase === undefined) throw new KeyFileError('locked', file)
  try {
    return getBytes((await decryptKeystoreJson(text.trim(), passphrase)).privateKey)
  } catch (error) {
    // What is thrown may hold the passphrase: it goes no further.
    throw new KeyFileError(
      isError(error, 'INVALID_ARGUMENT') && error.argument === 'password'
        ? 'wrong-passphrase'
        : 'damaged-keystore',
      file,
    )
  }
}
