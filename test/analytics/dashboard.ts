import * as z from 'zod'

const datasourceSchema = z.strictObject({ type: z.string(), uid: z.string() })

const targetSchema = z.looseObject({
  refId: z.string().regex(/^[A-Z]$/),
  datasource: datasourceSchema,
  expr: z.string().min(1),
  legendFormat: z.string().min(1),
})

const panelSchema = z.looseObject({
  id: z.number().int(),
  type: z.enum(['row', 'stat', 'timeseries']),
  title: z.string().min(1),
  description: z.string().min(1).optional(),
  datasource: datasourceSchema.optional(),
  gridPos: z.strictObject({
    x: z.number().int().min(0),
    y: z.number().int().min(0),
    w: z.number().int().min(1).max(24),
    h: z.number().int().min(1),
  }),
  fieldConfig: z.looseObject({ defaults: z.looseObject({ unit: z.string() }) }).optional(),
  targets: z.array(targetSchema).default([]),
})

/** As much of Grafana's dashboard as every one of ours must have. */
export const dashboardSchema = z.looseObject({
  uid: z.string().regex(/^[a-z-]{1,40}$/),
  title: z.string().min(1),
  timezone: z.literal('utc'),
  schemaVersion: z.number().int(),
  panels: z.array(panelSchema).min(1),
})

export type Dashboard = z.infer<typeof dashboardSchema>

export function queriesOf({ panels }: Dashboard): readonly z.infer<typeof targetSchema>[] {
  return panels.flatMap(({ targets }) => targets)
}
