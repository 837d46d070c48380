// The hall screen: <div data-screen="/screen/hall" data-call="请 %n 号到 %w 号窗口" …>. Hears each movement of the queue by server-sent
// events; where they do not get through it asks for the board every five seconds. Numbers are said aloud once somebody has
// switched the voice on, because browsers allow no sound before.
const every = 5000;

export function watchScreen() {
  const screen = document.querySelector("[data-screen]");
  const list = screen.querySelector("[data-calls]");
  const nobody = screen.querySelector("[data-nobody]");
  const row = screen.querySelector("[data-call-row]");
  const how = screen.querySelector("[data-how]");
  const sound = screen.querySelector("[data-sound]");
  const base = screen.dataset.screen;
  let said = null;
  let failures = 0;
  let timer = 0;

  const say = (call) => {
    if (sound.getAttribute("aria-pressed") !== "true" || !window.speechSynthesis) return;
    const words = screen.dataset.call.replace("%n", call.number.split("").join(" ")).replace("%w", call.window);
    const voice = new SpeechSynthesisUtterance(words);
    voice.lang = document.documentElement.lang;
    speechSynthesis.speak(voice);
  };

  const show = (board) => {
    list.replaceChildren(
      ...board.called.map((call) => {
        const item = row.content.cloneNode(true);
        item.querySelector("[data-number]").textContent = call.number;
        item.querySelector("[data-window]").textContent = call.window;
        return item;
      }),
    );
    nobody.hidden = board.called.length > 0;
    for (const queue of board.queues) {
      const own = screen.querySelector(`[data-queue="${CSS.escape(queue.counter)}"]`);
      if (!own) continue;
      own.querySelector("[data-count]").textContent = queue.waiting;
      own.querySelector("[data-wait]").textContent = screen.dataset.minutes.replace("0", queue.minutes);
    }
    const calls = new Set(board.called.map((call) => `${call.number}/${call.window}/${call.times}`));
    // What was called before the page was opened is not said again.
    if (said) board.called.filter((call) => !said.has(`${call.number}/${call.window}/${call.times}`)).reverse().forEach(say);
    said = calls;
  };

  const poll = async () => {
    try {
      const answer = await fetch(`${base}/board`, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      show(await answer.json());
      how.textContent = screen.dataset.polling;
    } catch {
      how.textContent = screen.dataset.lost;
    }
    timer = setTimeout(poll, every);
  };

  const listen = () => {
    const source = new EventSource(`${base}/events`);
    source.onmessage = (event) => {
      failures = 0;
      how.textContent = screen.dataset.live;
      show(JSON.parse(event.data));
    };
    source.onerror = () => {
      failures += 1;
      // A stream ends from time to time and the browser connects anew; one that never answers is given up, and so is one that was
      // answered with anything else: then the browser has closed it for good.
      if (failures < 3 && source.readyState !== EventSource.CLOSED) return;
      source.close();
      if (!timer) poll();
    };
  };

  sound.addEventListener("click", () => {
    const on = sound.getAttribute("aria-pressed") !== "true";
    sound.setAttribute("aria-pressed", String(on));
    sound.textContent = on ? sound.dataset.off : sound.dataset.on;
  });
  if (window.EventSource) listen();
  else poll();
}
