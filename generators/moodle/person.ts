import { fakerFrom, type Random } from '../random-at.ts'

export interface Person {
  readonly username: string
  readonly email: string
}

/** A person with an account at one of the free mail providers. */
export function member(random: Random): Person {
  return person(random, undefined)
}

/** A person with a mailbox of an organisation, so never by chance the e-mail of a `member`. */
export function administrator(random: Random): Person {
  return person(random, fakerFrom(random).internet.domainName())
}

function person(random: Random, provider: string | undefined): Person {
  const faker = fakerFrom(random)
  const names = { firstName: faker.person.firstName(), lastName: faker.person.lastName() }
  return {
    username: faker.internet.username(names).toLowerCase(),
    email: faker.internet.email({ ...names, ...(provider === undefined ? {} : { provider }) }).toLowerCase(),
  }
}
