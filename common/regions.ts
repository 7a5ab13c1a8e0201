import { Region } from "@pulumi/aws/types/enums";
import { isRegion } from "./forms";

/** The regions that the AWS provider's release knows. */
export const knownRegions: readonly string[] = Object.values(Region);

/**
 * True for a region that is known, and for one that may have come since: country, perhaps a partition's word, a direction
 * and a number. What has other words is a slip of the pen.
 */
export function mayBeRegion(text: string): boolean {
  if (knownRegions.includes(text)) return true;
  const direction = /^[a-z]{2}(-[a-z]+)?-(central|(north|south)?(east|west)|north|south)-\d$/;
  return isRegion(text) && direction.test(text);
}
