import { Loading } from '#web/components/loading.tsx'

/** Stands in while the code of the first page comes. */
export function PageLoading() {
  return <Loading />
}
