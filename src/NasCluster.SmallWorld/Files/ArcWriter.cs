using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NasCluster.SmallWorld.Questions;

namespace NasCluster.SmallWorld.Files;

/// <summary>Writes questions in ARC's layout, one JSON object a line.</summary>
internal static class ArcWriter
{
    // Brackets and quotes stay readable; the files are no web pages.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter to, string id, Question question)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteStartObject("question");
            json.WriteString("stem", question.Stem);
            json.WriteStartArray("choices");
            for (var i = 0; i < question.Choices.Length; i++)
            {
                json.WriteStartObject();
                json.WriteString("text", question.Choices[i]);
                json.WriteString("label", Label(i));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteString("answerKey", Label(question.Answer));
            json.WriteEndObject();
        }

        to.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static string Label(int index) => ((char)('A' + index)).ToString();
}
