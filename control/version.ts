/** As in package.json and in the tags of our images; a test holds them equal. */
export const version = '0.1.0'
