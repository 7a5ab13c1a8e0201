import { InvalidArgumentError } from "commander";

/** The name of a file or folder. An empty one, as a variable that is not set gives, would be the present folder. */
export function named(text: string): string {
  if (text === "") throw new InvalidArgumentError("It is empty; name a file or folder.");
  return text;
}
