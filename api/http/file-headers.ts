import type { AnswerHeaders } from './answer.ts'

/**
 * Headers of a file that somebody else made (an uploaded image, a badge with its SVG): it may be shown as an image
 * and saved, but when it is opened itself nothing in it runs and nothing is loaded.
 */
export const foreignFileHeaders = (fileName: string): AnswerHeaders => ({
  ...downloadHeaders(fileName),
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
})

/** Headers of a download. What has no place in a file name of any system becomes `-`. */
export const downloadHeaders = (fileName: string): AnswerHeaders => ({
  'Content-Disposition': `attachment; filename="${fileName.replace(/[^\w.-]+/g, '-').slice(0, 100)}"`,
})
