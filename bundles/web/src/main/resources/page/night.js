// Loaded before the style sheet and run before the first paint, so that a dark-adapted eye never sees a white page.
const bolideNight = {
  get on() {
    return document.documentElement.classList.contains('night');
  },
  set(on) {
    document.documentElement.classList.toggle('night', on);
    document.querySelector('meta[name="theme-color"]').content = on ? '#000000' : '#f6f6f3';
  },
  remember(on) {
    this.set(on);
    try {
      localStorage.setItem('bolide.night', on ? 'yes' : 'no');
    } catch (e) {
      console.info('This browser keeps nothing, so the night mode ends with this page.', e);
    }
  },
};
try {
  bolideNight.set(localStorage.getItem('bolide.night') === 'yes');
} catch (e) {
  console.info('This browser keeps nothing, so the page begins by day.', e);
}
// Another tab of the same dome
addEventListener('storage', (event) => {
  if (event.key === 'bolide.night') {
    bolideNight.set(event.newValue === 'yes');
    dispatchEvent(new Event('bolide-night'));
  }
});
