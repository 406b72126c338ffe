import { render } from 'preact'
import 'uplot/dist/uPlot.min.css'
import { App } from './app.tsx'
import { stayConnected } from './live.ts'
import './style/base.css'
import './style/head.css'
import './style/states.css'
import './style/pipeline.css'
import './style/answers.css'
import './style/lists.css'
import './style/pages.css'
import './style/dialog.css'
import './style/narrow.css'

const root = document.getElementById('app')
if (root) {
  stayConnected()
  render(<App />, root)
}
