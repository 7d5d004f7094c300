import { existsSync } from 'node:fs'
import { join } from 'node:path'
import express, { type RequestHandler, type Router } from 'express'
import { prefersHtml } from './content-negotiation.ts'

/** Below these, a path that is not there is a problem for programs, never a page. */
const PROGRAMS_ONLY =
  /^\/(?:v1|vc|xapi|caliper|ims|oauth|openid4vci|\.well-known|metrics|healthz|readyz)(?:\/|$)/

/** Pages about one person's badge, or with a secret in their address: search engines are asked to stay away. */
const PERSONAL =
  /^\/(?:credentials|collections|claim|redeem|endorse|sign-in|invitation|expert-review|unsubscribe|connect|connections)(?:\/|$)/

export interface WebFiles {
  /** The files of the build; those under /assets bear their hash in the name and may be kept for ever. */
  readonly files: Router
  /** The application itself, for whatever a browser asks to see. Its own router says so when there is nothing there. */
  readonly fallback: RequestHandler
}

/**
 * The verifier alone asks chains and sites that its reader names, and so nothing else of it may be trusted with more: its
 * scripts and pictures are its own.
 */
const VERIFIER_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  'connect-src http: https:',
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Serves the built verifier, which needs nothing of this server but its files. */
export function verifierFiles(directory: string): Router {
  const files = express.Router()
  files.use('/verifier', mark('/verifier'), (_request, response, next) => {
    response.setHeader('Content-Security-Policy', VERIFIER_POLICY)
    next()
  })
  files.use('/verifier', express.static(directory, { dotfiles: 'ignore', maxAge: '5m' }))
  return files
}

/** Serves the built web application. Throws at start when there is none in the directory. */
export function webFiles(directory: string): WebFiles {
  const index = join(directory, 'index.html')
  if (!existsSync(index)) throw new Error(`There is no web application in ${directory}: build it first.`)
  const files = express.Router()
  const quiet = { index: false, redirect: false, dotfiles: 'ignore' } as const
  files.use(
    '/assets',
    mark('/assets'),
    express.static(join(directory, 'assets'), { ...quiet, immutable: true, maxAge: '1y' }),
  )
  files.use(express.static(directory, { ...quiet, maxAge: '5m' }))
  return {
    files,
    fallback: (request, response, next) => {
      const isRead = request.method === 'GET' || request.method === 'HEAD'
      if (!isRead || PROGRAMS_ONLY.test(request.path) || !prefersHtml(request.headers.accept)) return next()
      response.locals['route'] = 'page'
      response.vary('Accept')
      if (PERSONAL.test(request.path)) response.setHeader('X-Robots-Tag', 'noindex')
      response.sendFile(index, { cacheControl: false, headers: { 'Cache-Control': 'no-cache' } })
    },
  }
}

const mark =
  (route: string): RequestHandler =>
  (_request, response, next) => {
    response.locals['route'] = route
    next()
  }
