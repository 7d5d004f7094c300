/** Draws QR codes of a text. */
export interface QrImages {
  png(text: string): Promise<Uint8Array>
  svg(text: string): Promise<Uint8Array>
}
