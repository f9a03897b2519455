/** `NOT_OWNER` → `NotOwner`. */
export function pascalCase(code: string): string {
  return code.split('_').map(capitalise).join('');
}

function capitalise(word: string): string {
  return word.charAt(0) + word.slice(1).toLowerCase();
}

/** `emergencyServer` → `EMERGENCY_SERVER`. */
export function constantCase(name: string): string {
  return name.replaceAll(/([A-Z])/g, '_$1').toUpperCase();
}
