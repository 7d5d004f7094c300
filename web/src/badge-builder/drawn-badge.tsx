import { useEffect, useRef } from 'react'
import { type BadgeFace, type BadgeLook, badgePicture } from '#engine/achievements/badge-picture.ts'

interface DrawnBadgeProps {
  readonly look: BadgeLook
  readonly face: BadgeFace
  /** A data URL. */
  readonly logo?: string | undefined
  /** What it is, for who cannot see it. */
  readonly name: string
  readonly size: number
}

/**
 * A badge as the server draws it, by the same function and in the same letters. It is part of the page and no `<img>`: pictures do
 * not have the fonts of the page that they are in.
 */
export function DrawnBadge({ look, face, logo, name, size }: DrawnBadgeProps) {
  const place = useRef<HTMLDivElement>(null)
  const markup = badgePicture(look, face, logo)
  useEffect(() => {
    const { documentElement } = new DOMParser().parseFromString(markup, 'image/svg+xml')
    documentElement.setAttribute('width', String(size))
    documentElement.setAttribute('height', String(size))
    documentElement.setAttribute('aria-label', name)
    place.current?.replaceChildren(documentElement)
  }, [markup, name, size])
  return <div ref={place} style={{ width: size, height: size }} />
}
