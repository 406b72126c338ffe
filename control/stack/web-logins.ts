/** Who logs in to a service's pages; the password is a setting of the stack. */
export interface WebLogin {
  readonly user: string
  readonly passwordVariable: string
}

export const webLogins: Readonly<Record<string, WebLogin>> = {
  grafana: { user: 'admin', passwordVariable: 'GRAFANA_ADMIN_PASSWORD' },
  // Metabase knows people by their e-mail; nothing is ever sent to this one.
  metabase: { user: 'admin@tributary.example', passwordVariable: 'METABASE_ADMIN_PASSWORD' },
}
