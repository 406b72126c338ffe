import type { Scenario, TopicPlan } from './scenario.ts'

const sevenDaysMs = 7 * 24 * 60 * 60 * 1000
/** The record limit: the same on producer, broker, replica fetch and consumer. */
const largestRecordBytes = 16 * 1024 * 1024

const topic = (name: string, config: Record<string, string> = {}): TopicPlan => ({
  topic: name,
  // One partition keeps the order of changes between keys.
  partitions: 1,
  replicationFactor: 3,
  config: {
    'min.insync.replicas': '2',
    'retention.ms': String(sevenDaysMs),
    'max.message.bytes': String(largestRecordBytes),
    ...config,
  },
})

/** A beat every two seconds matters only for a while. */
const beats = { 'retention.ms': String(24 * 60 * 60 * 1000) }

export const moodle: Scenario = {
  name: 'moodle',
  databases: [
    {
      service: 'community-db',
      role: 'source',
      logins: [
        { role: 'debezium', passwordVariable: 'COMMUNITY_DB_DEBEZIUM_PASSWORD' },
        { role: 'generator', passwordVariable: 'COMMUNITY_DB_GENERATOR_PASSWORD' },
        { role: 'console', passwordVariable: 'COMMUNITY_DB_CONSOLE_PASSWORD' },
      ],
    },
    {
      service: 'sites-db',
      role: 'source',
      logins: [
        { role: 'debezium', passwordVariable: 'SITES_DB_DEBEZIUM_PASSWORD' },
        { role: 'generator', passwordVariable: 'SITES_DB_GENERATOR_PASSWORD' },
        { role: 'console', passwordVariable: 'SITES_DB_CONSOLE_PASSWORD' },
      ],
    },
    {
      service: 'warehouse',
      role: 'warehouse',
      logins: [
        { role: 'sink', passwordVariable: 'WAREHOUSE_SINK_PASSWORD' },
        { role: 'dashboard', passwordVariable: 'WAREHOUSE_DASHBOARD_PASSWORD' },
        { role: 'console', passwordVariable: 'WAREHOUSE_CONSOLE_PASSWORD' },
      ],
    },
  ],
  connectors: ['community-source', 'sites-source', 'warehouse-sink'],
  topics: [
    topic('community-db.public.CommunityUsers'),
    topic('sites-db.public.SitesUsers'),
    topic('community-db.tributary.heartbeat', beats),
    topic('community-db.tributary.community_beat_log', beats),
    topic('sites-db.tributary.heartbeat', beats),
    topic('sites-db.tributary.sites_beat_log', beats),
    // Debezium writes each signal that it reads on to a topic, and stands still where there is none.
    topic('community-db.tributary.signal', beats),
    topic('sites-db.tributary.signal', beats),
    topic('__debezium-heartbeat.community-db', beats),
    topic('__debezium-heartbeat.sites-db', beats),
  ],
  flows: [
    {
      source: 'community-db',
      generator: 'community-generator',
      warehouse: 'warehouse',
      table: '"CommunityUsers"',
    },
    { source: 'sites-db', generator: 'sites-generator', warehouse: 'warehouse', table: '"SitesUsers"' },
  ],
  questions: [
    {
      name: 'weekly-registrations',
      words:
        'How many sites were registered in each of the last WEEKS weeks, and how many are there in total?',
      view: 'weekly_registrations',
      ...{ counted: 'sites_registered', total: 'sites_total' },
    },
    {
      name: 'admin-overlap',
      words:
        'How many community users administer a registered site: new in each of the last WEEKS weeks, and in total?',
      view: 'admin_overlap',
      ...{ counted: 'new_admins', total: 'admins_total' },
    },
  ],
  charts: [
    {
      question: 'weekly-registrations',
      title: 'Sites registered each week',
      view: 'public.weekly_registrations',
      bars: { column: 'sites_registered', label: 'registered' },
      line: { column: 'sites_total', label: 'in total' },
    },
    {
      question: 'admin-overlap',
      title: 'Community users who administer a site',
      view: 'public.admin_overlap',
      bars: { column: 'new_admins', label: 'new' },
      line: { column: 'admins_total', label: 'in total' },
    },
  ],
}
