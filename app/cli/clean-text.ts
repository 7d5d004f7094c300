/** A document's own words may hold codes that move the cursor; none reaches the terminal. */
export const cleanText = (text: string): string => text.replace(/\p{C}/gu, ' ').slice(0, 300)
