declare module 'hpack.js' {
  interface Field {
    readonly name: string;
    readonly value: string;
  }
  interface Decompressor {
    write(block: Buffer): void;
    execute(): void;
    read(): Field | null;
    on(event: 'error', listener: (error: Error) => void): void;
  }
  const hpack: {
    readonly decompressor: {
      create(options: { table: { maxSize: number; size: number } }): Decompressor;
    };
  };
  export default hpack;
}
