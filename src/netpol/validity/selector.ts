import { eachInvalid, forbidden, invalidJSON, type Invalid, required } from "./invalid.ts";
import { validateLabels, wrongInKey, wrongInValue } from "./label.ts";
import type { Dialect } from "./minor.ts";
import type { DecodedRequirement, DecodedSelector } from "./shape.ts";

/** A label selector. */
export function validateSelector(
  { matchLabels, matchExpressions = [] }: DecodedSelector,
  path: string,
  dialect: Dialect,
): readonly Invalid[] {
  return [
    ...validateLabels(matchLabels, `${path}.matchLabels`, dialect),
    ...matchExpressions.flatMap((requirement, index) =>
      validateRequirement(requirement, `${path}.matchExpressions[${index}]`, dialect),
    ),
  ];
}

function validateRequirement(
  { key = "", operator = "", values = [] }: DecodedRequirement,
  path: string,
  dialect: Dialect,
): readonly Invalid[] {
  return [
    ...validateOperator(operator, values, path),
    ...eachInvalid(`${path}.key`, key, wrongInKey(key, dialect)),
    ...values.flatMap((value, index) =>
      eachInvalid(`${path}.values[${index}]`, value, wrongInValue(value, dialect)),
    ),
  ];
}

function validateOperator(
  operator: string,
  values: readonly string[],
  path: string,
): readonly Invalid[] {
  switch (operator) {
    case "In":
    case "NotIn": {
      const detail = "must be specified when `operator` is 'In' or 'NotIn'";
      return values.length > 0 ? [] : [required(`${path}.values`, detail)];
    }
    case "Exists":
    case "DoesNotExist": {
      const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
      return values.length === 0 ? [] : [forbidden(`${path}.values`, detail)];
    }
    default:
      return [invalidJSON(`${path}.operator`, operator, "not a valid selector operator")];
  }
}
