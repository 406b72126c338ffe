/** Values that an accepted type cannot carry: a table for each, with one such value in the row with id 7. */
export interface LostValue {
  readonly table: string
  readonly type: string
  readonly value: string
  /** Which task stops; `none`: something else arrives. */
  readonly stops: 'sink' | 'source' | 'none'
  /** What `--deep` says of it. */
  readonly found: RegExp
  /** What arrives, where nothing stops. */
  readonly arrives?: string
}

export const lostValues: readonly LostValue[] = [
  { table: 'v_numeric', type: 'numeric', value: 'Infinity', stops: 'sink', found: /are infinite/ },
  { table: 'v_time', type: 'time', value: '24:00:00', stops: 'sink', found: /are 24:00/ },
  { table: 'v_timestamp', type: 'timestamp', value: 'infinity', stops: 'sink', found: /are infinite/ },
  { table: 'v_date', type: 'date', value: 'infinity', stops: 'sink', found: /are infinite/ },
  {
    table: 'v_texts',
    type: 'text[]',
    value: '{{a,b},{c,d}}',
    stops: 'sink',
    found: /more than one dimension/,
  },
  { table: 'v_hours', type: 'interval', value: '2562047788:00:54', stops: 'source', found: /more hours/ },
  {
    table: 'v_nans',
    type: 'numeric[]',
    value: '{1.5,NaN}',
    stops: 'source',
    found: /hold NaN or infinities/,
  },
  {
    ...{ table: 'v_bc', type: 'date', value: '0044-03-15 BC', stops: 'none' },
    ...{ found: /before Christ/, arrives: '0044-03-15' },
  },
  {
    ...{ table: 'v_endless', type: 'interval', value: 'infinity', stops: 'none' },
    ...{ found: /are infinite/, arrives: '00:00:00' },
  },
  {
    ...{ table: 'v_ints', type: 'integer[]', value: '{{1,2},{3,4}}', stops: 'none' },
    ...{ found: /more than one dimension/, arrives: '{NULL,NULL}' },
  },
  {
    ...{ table: 'v_bounds', type: 'integer[]', value: '[0:1]={1,2}', stops: 'none' },
    ...{ found: /do not begin at 1/, arrives: '{1,2}' },
  },
]
