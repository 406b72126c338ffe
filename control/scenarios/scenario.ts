/** One row across the tree as plain data: who writes, what moves, what it means, who reads. */
export interface Scenario {
  readonly name: string
  /** Every database of the scenario; the folder `sql/SCENARIO/SERVICE` holds its migrations. */
  readonly databases: readonly ScenarioDatabase[]
  /** In the order in which they are registered; the file is `connectors/SCENARIO/NAME.json`. */
  readonly connectors: readonly string[]
  readonly topics: readonly TopicPlan[]
  /** Tables whose rows flow from a source to the warehouse. */
  readonly flows: readonly Flow[]
  /** What people ask of the warehouse: `up` and `report` print the answers, dashboards chart them. */
  readonly questions: readonly Question[]
  /** The questions whose answers the console draws: what is new each week, and how much there is in total. */
  readonly charts: readonly Chart[]
}

/** A question whose answer is a row for each week, with what is new in it and the running total. */
export interface Question {
  /** `analytics/SCENARIO/NAME.sql` asks it of the last 8 weeks. */
  readonly name: string
  /** In words; WEEKS stands for how many weeks are shown. */
  readonly words: string
  /** The view in schema `public` that has every week, under the column `week`. */
  readonly view: string
  /** The view's columns. */
  readonly counted: string
  readonly total: string
}

/** How the console draws an answer. */
export interface Chart {
  readonly question: string
  readonly title: string
  /** In the warehouse, as SQL writes it: a row for each Monday, in a column `week`. */
  readonly view: string
  readonly bars: ChartColumn
  readonly line: ChartColumn
}

export interface ChartColumn {
  readonly column: string
  readonly label: string
}

export interface ScenarioDatabase {
  readonly service: string
  readonly role: 'source' | 'warehouse'
  /** Login roles that the migrations create without a password; the variable holds it. */
  readonly logins: readonly Login[]
}

export interface Login {
  readonly role: string
  readonly passwordVariable: string
}

export interface TopicPlan {
  readonly topic: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly config: Readonly<Record<string, string>>
}

export interface Flow {
  readonly source: string
  /** The service that writes into the source. */
  readonly generator: string
  readonly warehouse: string
  /** As SQL writes it, quoted: the same on both sides. */
  readonly table: string
}
