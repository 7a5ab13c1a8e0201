/** Thrown when AWS, or the provider in front of it, would refuse an operation. The message starts with the code. */
export class AwsError extends Error {
  constructor(
    /** AWS's error code where it is known, for example `InvalidSubnet.Conflict`. */
    readonly code: string,
    /** AWS's wording where it is known, without the code. */
    readonly reason: string,
  ) {
    super(`${code}: ${reason}`);
    this.name = "AwsError";
  }
}
