import { Button, type ButtonProps } from '@mantine/core'
import { Link } from 'react-router'

/** A link that looks like a button: it leads somewhere within the application. */
export function LinkButton({ to, ...props }: ButtonProps & { readonly to: string }) {
  return <Button component={Link} to={to} variant="light" {...props} />
}
