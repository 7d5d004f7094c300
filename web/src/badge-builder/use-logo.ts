import { useQuery } from '@tanstack/react-query'

/** A stored picture as data URL, as it stands inside a drawn badge; undefined while it is not there. */
export function useLogo(image: string | null): string | undefined {
  const { data } = useQuery({
    queryKey: ['logo', image],
    enabled: image !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => dataUrl(await (await fetch(`/images/${image}.png`)).blob()),
  })
  return image === null ? undefined : data
}

const dataUrl = (blob: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error('The picture cannot be read.'))
    reader.readAsDataURL(blob)
  })
