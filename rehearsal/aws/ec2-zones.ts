/**
 * Letters of the zones that subnets may be created in. Zone names are the region and one letter; which letters an account
 * has is its own matter, so these are the letters that any account may have. Regions not named have three.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html
 */
const lettersOf: Record<string, string> = {
  "us-east-1": "abcdef",
  "us-west-2": "abcd",
  "ap-northeast-1": "abcd",
  "ap-northeast-2": "abcd",
  "ca-central-1": "abd",
};

/** Names of a region's availability zones. */
export function zoneNames(region: string): string[] {
  return [...(lettersOf[region] ?? "abc")].map((letter) => region + letter);
}

/** True for a zone of the region, or a local (`us-east-1-bos-1a`) or wavelength zone (`us-east-1-wl1-bos-wlz-1`) below it. */
export function isZone(name: string, region: string): boolean {
  return (
    zoneNames(region).includes(name) ||
    new RegExp(`^${region}-([a-z]{3,4}\\d?-\\d[a-z]|wl\\d-[a-z]{3,4}-wlz-?\\d)$`).test(name)
  );
}

/** Start of the region's zone ids: `use1` for `us-east-1`. */
function zoneIdPrefix(region: string): string {
  const [area = "", ...rest] = region.split("-");
  const number = rest.pop() ?? "";
  const direction = rest.map((part) => part.replace(/(north|south)(east|west)/, "$1 $2")).join(" ");
  return `${area}${direction
    .split(" ")
    .map((word) => (word === "gov" ? "g" : word.charAt(0)))
    .join("")}${number}`;
}

/** The id of a zone. AWS maps names to ids differently in each account; this mapping is invented, `a` being `az1`. */
export function zoneIdOf(name: string, region: string): string {
  const index = zoneNames(region).indexOf(name);
  return index < 0 ? "" : `${zoneIdPrefix(region)}-az${index + 1}`;
}

/** The zone that has an id under the invented mapping; undefined when the region has no such zone. */
export function zoneWithId(id: string, region: string): string | undefined {
  return zoneNames(region).find((name) => zoneIdOf(name, region) === id);
}
