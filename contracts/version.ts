/** Version of the contracts that this release writes, and the newest that it reads. */
export const contractVersion = 1;
