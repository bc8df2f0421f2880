"""The pages behind the letters' links. Imported only by a daemon that serves them."""
