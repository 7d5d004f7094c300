import type { Request, RequestHandler, Response } from 'express'

/** Waits for a middleware to call next. */
export const passed = (middleware: RequestHandler, request: Request, response: Response): Promise<void> =>
  new Promise((resolve, reject) => {
    const next = (error?: unknown) => (error === undefined ? resolve() : reject(error))
    Promise.resolve(middleware(request, response, next)).catch(reject)
  })
