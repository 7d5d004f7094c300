import { createContext } from 'react'

/** The level of the titles of panels: one deeper where they stand inside of another. */
export const PanelLevel = createContext<2 | 3 | 4>(2)
