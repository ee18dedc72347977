/** A failure that a person at the terminal can act on: printed without a stack, then the process ends with `exitCode`. */
export class CliError extends Error {
  constructor(
    message: string,
    /** 2: unusable input. Other codes are a command's own. */
    readonly exitCode: number = 2,
  ) {
    super(message);
    this.name = 'CliError';
  }
}
