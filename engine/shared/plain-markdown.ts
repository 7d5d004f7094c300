/**
 * Markdown as text for paper: without its marks, a line for each item of a list. What is no Markdown stays as it is, and nothing is
 * taken for HTML. O(length).
 */
export function plainMarkdown(markdown: string): string {
  return markdown
    .split(/\r?\n/)
    .map((line) =>
      line
        .replace(/^\s{0,3}#{1,6}\s+/, '')
        .replace(/^\s*[-*+]\s+/, '•  ')
        .replace(/!?\[([^\][]{1,500})\]\(([^()\s]{1,2000})\)/g, '$1 ($2)')
        .replace(/(\*\*|__)(?=\S)([^*_]{1,1000}?\S|\S)\1/g, '$2')
        .replace(/(?<![\p{L}\p{N}*_])[*_](?=\S)([^*_]{1,1000}?)(?<=\S)[*_](?![\p{L}\p{N}*_])/gu, '$1')
        .replace(/`([^`]{1,1000})`/g, '$1')
        .trimEnd(),
    )
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
