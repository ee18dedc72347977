import { createRoot } from 'react-dom/client';
import { startLanguage } from '../app/language.ts';
import '../app/page.css';
import { Verifier } from './verifier.tsx';

await startLanguage();
createRoot(document.getElementById('root') as HTMLElement).render(<Verifier />);
