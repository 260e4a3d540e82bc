/** The one door to zod: canonical documents and configuration describe their shapes with it, and their types are inferred from those shapes. */
export { z } from 'zod';
