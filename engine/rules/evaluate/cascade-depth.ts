/** How far prerequisites may reach, and how far one award may set off others in one evaluation. */
export const CASCADE_DEPTH = 16
