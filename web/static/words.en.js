globalThis.WORDS = {
  "В системе произошла ошибка. Повторите позже.": "Something went wrong in the system. Try again later.",
  "Кого позвать": "Whom to call in",
  "Нет связи с сервером. Ничего не потеряно: повторите через минуту.": "The server cannot be reached. Nothing is lost: try again in a minute.",
  "Нет связи: текст сохранён на этом устройстве.": "No connection: the text is kept on this device.",
  "Обновите страницу: текст сохранён на этом устройстве и останется.": "Reload the page: the text is kept on this device and will stay.",
  "Сохраняется…": "Saving…",
  "Файл не приложен. Повторите через минуту.": "The file was not attached. Try again in a minute.",
  "больше 10 МБ, поэтому не приложен. Уменьшите его или разделите.": "is larger than 10 MB and was not attached. Make it smaller or split it.",
  "связь прервалась, файл не приложен. Остальное цело.": "the connection broke, the file was not attached. Everything else is safe.",
  "сеанс закончился. Войдите в другой вкладке и повторите: текст сохранён на этом устройстве.": "your session has ended. Sign in in another tab and try again: the text is kept on this device."
};
