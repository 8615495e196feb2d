Console.Error.WriteLine("nas: not wired up yet");
return 1;
