/** Who logs in to a service's pages; the password is a setting of the stack. */
export interface WebLogin {
  readonly user: string
  readonly passwordVariable: string
}

export const webLogins: Readonly<Record<string, WebLogin>> = {
  grafana: { user: 'admin', passwordVariable: 'GRAFANA_ADMIN_PASSWORD' },
}
