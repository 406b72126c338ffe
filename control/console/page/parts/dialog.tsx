import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
}

/** The platform's own: it keeps the focus inside, gives it back, and closes on Escape. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    element.current?.showModal()
  }, [])
  const onClick = (event: MouseEvent) => {
    if (event.target === element.current) element.current?.close()
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard has Escape
    <dialog ref={element} aria-labelledby="dialog-title" onClose={onClose} onClick={onClick}>
      <div class="dialog-body">
        <header>
          <h2 id="dialog-title">{title}</h2>
          <form method="dialog">
            <button type="submit" class="quiet" aria-label="Close">
              ✕
            </button>
          </form>
        </header>
        {children}
      </div>
    </dialog>
  )
}
