/** Users' scripts rely on these; `ERRORS.md` lists which failure ends with which. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  planHasChanges: 3,
  dataDiffers: 4,
  degraded: 5,
  broken: 6,
  interrupted: 130,
} as const

interface ErrorCode {
  readonly exit: number
  /** What it means, for the page that is generated from this table (`control/ERRORS.md`). */
  readonly meaning: string
  /** What a person does about it, in general; the error itself carries the command with the real values. */
  readonly remedy: string
}

/** Every failure a user can meet. A failure that is not here is a defect of ours and shows as INTERNAL. */
export const errorCodes = {
  USAGE: {
    exit: exitCodes.usage,
    meaning: 'The command line names something that does not exist or does not fit.',
    remedy: 'Nothing was changed. Read the sentence, or `trib COMMAND --help`.',
  },
  COMPOSE_INVALID: {
    exit: exitCodes.usage,
    meaning: '`docker-compose.yml` has a key, value or variable that cannot be honoured.',
    remedy: 'Nothing was started. The sentence names line and key.',
  },
  DATA_NEWER: {
    exit: exitCodes.usage,
    meaning: 'The stack was brought up by a newer version than this one.',
    remedy: 'Nothing was touched. Go on with the newer version; README.md says how to go back.',
  },
  STATE_UNREADABLE: {
    exit: exitCodes.failed,
    meaning: 'The file that says which version brought the stack up cannot be read.',
    remedy:
      'Nothing was touched: a newer version may have written it. Put the file back, or remove it where this version was the last.',
  },
  ENV_FILE_INVALID: {
    exit: exitCodes.usage,
    meaning: 'The file with ports and passwords has a line that cannot be read.',
    remedy: 'Mend the line that the sentence names; `.env.example` shows every setting.',
  },
  PLATFORM_UNSUPPORTED: {
    exit: exitCodes.failed,
    meaning: 'The native engine has no Postgres for this operating system and CPU.',
    remedy: 'Use Docker (`--engine docker`), or Linux or macOS on x64 or arm64.',
  },
  TOOL_MISSING: {
    exit: exitCodes.failed,
    meaning: 'A program that the native engine runs (Java, Maven) is not installed.',
    remedy: 'Install it as the sentence says, or use Docker.',
  },
  TOOL_TOO_OLD: {
    exit: exitCodes.failed,
    meaning: 'A program that the native engine runs is there, but too old.',
    remedy: 'Install the version that the sentence names, or point JAVA_HOME at one.',
  },
  DOWNLOAD_FAILED: {
    exit: exitCodes.failed,
    meaning: 'Maven or npm could not bring what the stack is made of.',
    remedy:
      'Run the command again: it goes on where it stopped. Behind a proxy, set it up for Maven and npm.',
  },
  PORT_IN_USE: {
    exit: exitCodes.failed,
    meaning: 'Another program listens on a port that a service needs.',
    remedy: 'End that program, or give the variable that the sentence names another value in `.env`.',
  },
  STACK_BUSY: {
    exit: exitCodes.failed,
    meaning: 'Another `up` or `down` is at work on this stack.',
    remedy: 'Wait for it, or end it with ^C where it runs.',
  },
  STACK_NOT_RUNNING: {
    exit: exitCodes.failed,
    meaning: 'The command needs a service that does not run.',
    remedy: '`trib up`, then again.',
  },
  SERVICE_FAILED: {
    exit: exitCodes.failed,
    meaning: 'A service ended, or did not become healthy in time.',
    remedy: 'The sentence shows the end of its log; `trib logs SERVICE` shows all of it.',
  },
  ENGINE_UNAVAILABLE: {
    exit: exitCodes.failed,
    meaning: 'The engine that was asked for cannot be used on this machine.',
    remedy: 'Leave `--engine` away to let `trib` choose, or mend what the sentence names.',
  },
  ENGINE_MISMATCH: {
    exit: exitCodes.usage,
    meaning: "The stack's data is held by the other engine; the one asked for would begin with nothing.",
    remedy:
      'Go on with the engine that has the data, begin a second stack (`--stack NAME`), or remove the data first.',
  },
  IMAGE_UNAVAILABLE: {
    exit: exitCodes.failed,
    meaning: 'Docker cannot get an image that the stack needs.',
    remedy: 'Pull it by hand to see why (`docker pull IMAGE`), or run natively: `--engine native`.',
  },
  SETTINGS_LOST: {
    exit: exitCodes.failed,
    meaning: 'The stack has data, but the file with the passwords it was made with is gone.',
    remedy: 'Put the file back, or begin anew: `npm run down -- --volumes`, then `npm run up`.',
  },
  DATABASE_FAILED: {
    exit: exitCodes.failed,
    meaning: 'A database refused a connection or a statement.',
    remedy: '`trib status` shows whether it runs, `trib logs SERVICE` what it says.',
  },
  CONNECT_FAILED: {
    exit: exitCodes.failed,
    meaning: 'Kafka Connect refused a request, or did not answer in time.',
    remedy: '`trib logs connect` shows why.',
  },
  CONNECT_DENIED: {
    exit: exitCodes.failed,
    meaning: 'Kafka Connect, or what stands before it, wants other credentials (HTTP 401 or 403).',
    remedy: 'Look at the context with `trib config get-contexts`; the sentence names what was sent.',
  },
  CONNECTOR_UNKNOWN: {
    exit: exitCodes.usage,
    meaning: 'No connector of that name is deployed.',
    remedy: 'Nothing was changed. `trib get connectors` shows the names.',
  },
  CONNECTOR_EXISTS: {
    exit: exitCodes.failed,
    meaning: 'A connector of that name was created by somebody else in the meantime.',
    remedy:
      'It was not overwritten. `trib diff -f FILE` shows how it differs; `trib apply` again takes it over.',
  },
  CHANGED_MEANWHILE: {
    exit: exitCodes.failed,
    meaning: 'A connector or a topic was changed by somebody else between the plan and its execution.',
    remedy:
      'It was not overwritten. `trib diff -f FILE` shows how it differs now; `trib apply` again goes on from there.',
  },
  INPUT_INVALID: {
    exit: exitCodes.usage,
    meaning: 'A file that declares connectors cannot be read or does not say what is needed.',
    remedy: 'Nothing was changed. The sentence names file, line and key.',
  },
  CONFIG_INVALID: {
    exit: exitCodes.usage,
    meaning:
      'Kafka Connect, or the plugin, would refuse a config: an unknown key, a wrong type, a missing value.',
    remedy: 'Nothing was changed. `trib describe plugin CLASS` shows every key.',
  },
  SECRET_LITERAL: {
    exit: exitCodes.usage,
    meaning: 'A config holds a password or token in clear, or one that was masked.',
    remedy:
      'Nothing was changed. Use the reference that the sentence shows, and give the worker the variable.',
  },
  CONFIRMATION_NEEDED: {
    exit: exitCodes.usage,
    meaning: 'The change may take a new snapshot, lose a position or delete something, and nobody said yes.',
    remedy: 'Nothing was changed. Read the plan; `--yes` says yes.',
  },
  CONTEXT_INVALID: {
    exit: exitCodes.usage,
    meaning: 'The file of contexts cannot be read, or there is no context of that name.',
    remedy: '`trib config get-contexts` shows them; `trib config set-context --help` how one is made.',
  },
  CONTEXT_INCOMPLETE: {
    exit: exitCodes.usage,
    meaning: 'The context lacks a part that the command needs: an address, a credential.',
    remedy: 'The sentence names the part, and the `trib config set-context` that adds it.',
  },
  HISTORY_FAILED: {
    exit: exitCodes.failed,
    meaning: 'The history of what was applied from here cannot be read or written.',
    remedy: 'The sentence names the file. Connectors are not touched by it; what was applied stays applied.',
  },
  CONNECTOR_FAILED: {
    exit: exitCodes.failed,
    meaning: 'A connector or one of its tasks failed.',
    remedy: 'The sentence shows the first line of its trace; `trib logs connect` shows all of it.',
  },
  KAFKA_FAILED: {
    exit: exitCodes.failed,
    meaning: 'The brokers refused a request, or did not answer in time.',
    remedy: '`trib status` shows which of them run.',
  },
  METABASE_FAILED: {
    exit: exitCodes.failed,
    meaning: 'Metabase refused a request, or did not answer in time.',
    remedy: '`trib logs metabase` shows why; `trib provision metabase` again goes on from there.',
  },
  WEBHOOK_FAILED: {
    exit: exitCodes.failed,
    meaning: 'The webhook of the console refused a message, or did not answer in time.',
    remedy:
      'The console tells it how things are as soon as it takes messages; look at `CONSOLE_WEBHOOK_URL`.',
  },
  DEADLINE_EXCEEDED: {
    exit: exitCodes.failed,
    meaning: 'Something that was waited for did not happen in time.',
    remedy:
      'The sentence says what was awaited and what was last seen. Running the command again goes on waiting.',
  },
  INTERRUPTED: {
    exit: exitCodes.interrupted,
    meaning: 'You ended the command.',
    remedy: 'What the command had started is stopped; run it again to go on.',
  },
  INTERNAL: {
    exit: exitCodes.failed,
    meaning: 'A defect of ours.',
    remedy: 'Please report it with what `--debug` prints.',
  },
} as const satisfies Record<string, ErrorCode>

export type ErrorCodeName = keyof typeof errorCodes
