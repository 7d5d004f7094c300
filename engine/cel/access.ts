import { findInMap, isKey } from './cel-map.ts'
import { numberOf } from './equal.ts'
import {
  CelFailure,
  CelOptional,
  type CelResult,
  type CelValue,
  isList,
  isMap,
  MISFIT,
  NO_VALUE,
} from './value.ts'

const NO_KEY = new CelFailure('a map has no such key')
const NO_ELEMENT = new CelFailure('a list has no element at this place')

/** `of[index]`; of an optional, an optional again. */
export function elementAt(of: CelValue, index: CelValue): CelResult {
  if (of instanceof CelOptional) return of.value === undefined ? NO_VALUE : optionalElementAt(of.value, index)
  const found = find(of, index)
  if (found !== undefined) return found
  return isList(of) ? NO_ELEMENT : NO_KEY
}

/** `of[?index]`: nothing where there is no such element. */
export function optionalElementAt(of: CelValue, index: CelValue): CelResult {
  if (of instanceof CelOptional) return of.value === undefined ? NO_VALUE : optionalElementAt(of.value, index)
  const found = find(of, index)
  if (found === undefined) return NO_VALUE
  return found instanceof CelFailure ? found : new CelOptional(found)
}

function find(of: CelValue, index: CelValue): CelResult | undefined {
  if (isList(of)) {
    const place = numberOf(index)
    if (place === undefined || (typeof place === 'number' && !Number.isInteger(place))) return MISFIT
    return of[Number(place)]
  }
  return isMap(of) && isKey(index) ? findInMap(of, index) : MISFIT
}
