"""What Lambda loads: importing this starts the function."""

from function_url_producer.producer import start

handler = start()
