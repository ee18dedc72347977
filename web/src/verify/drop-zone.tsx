import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

/**
 * Files by dropping, anywhere on the page, or by choosing: the field itself is an ordinary one, so that keyboards and screen readers have it.
 * A browser left to itself would leave the page and show what is dropped.
 */
export function DropZone({ onFiles, disabled }: { readonly onFiles: (files: readonly File[]) => void; readonly disabled: boolean }) {
  const { t } = useTranslation('verify');
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const hint = useId();
  useEffect(() => {
    const onOver = (event: DragEvent): void => {
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (!disabled && files.length > 0) onFiles(files);
    };
    document.addEventListener('dragover', onOver);
    document.addEventListener('dragleave', onLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragover', onOver);
      document.removeEventListener('dragleave', onLeave);
      document.removeEventListener('drop', onDrop);
    };
  }, [disabled, onFiles]);
  const choose = (): void => {
    const chosen = [...(input.current?.files ?? [])];
    // So that choosing the same file again is a choice as well.
    if (input.current) input.current.value = '';
    if (chosen.length > 0) onFiles(chosen);
  };
  return (
    <label className={`drop${over ? ' over' : ''}`}>
      <input ref={input} type="file" multiple disabled={disabled} aria-describedby={hint} onChange={choose} />
      <span className="drop-call">{t('drop.call')}</span>
      <span className="drop-hint" id={hint}>{t('drop.hint')}</span>
    </label>
  );
}
