/** Under which the collections of the earner are kept in the browser. */
export const COLLECTIONS_KEY = ['collections']
